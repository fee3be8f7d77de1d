"""What the page says, in Chinese and English alike."""

from __future__ import annotations

from html import escape

#: Each text of the page: Chinese, English.
_PAIRS: dict[str, tuple[str, str]] = {
    "empty": ("请先输入问题。", "Please type a question first."),
    "too_long": (
        "问题有 {} 个字符，最多 {} 个。请缩短后再问。",
        "The question has {} characters; {} is the most. Please shorten it.",
    ),
    "ask": ("输入问题，按回车发送", "Ask a question"),
    "question": ("问题", "Question"),
    "send": ("发送", "Send"),
    "stop": ("停止", "Stop"),
    "stopped": ("已停止。", "Stopped."),
    "waiting": ("等待中：", "Waiting: "),
    "waiting_full": ("已有一个问题在等待。", "One question is waiting already."),
    "busy": ("请等这个回答写完，或者先停止它。", "Wait until this answer is written, or stop it first."),
    "new_chat": ("新对话", "New chat"),
    "tagline": (
        "向中英文报告提问，每句回答都指向原文。",
        "Ask your Chinese and English reports. Every sentence points at its source.",
    ),
    "welcome": ("想从这些报告里知道什么？", "What would you like to know from these reports?"),
    "welcome_more": (
        "回答里的每个编号都能点开，看到它依据的原文。",
        "Every number in an answer opens the exact words it rests on.",
    ),
    "filters": ("筛选", "Filter"),
    "filter_reports": ("报告", "Reports"),
    "filter_languages": ("语言", "Language"),
    "filter_years": ("年份", "Year"),
    "only_in": ("只问：", "Asking only: "),
    "remove_filter": ("去掉筛选：", "Remove the filter: "),
    "asked_only": ("只在这些里面找过：", "Only these were searched: "),
    "ask_all": ("问全部报告", "Ask all reports"),
    "collection": ("报告集", "Reports"),
    "no_reports": ("还没有报告，请先上传一份。", "There are no reports yet. Upload one to begin."),
    "no_reports_more": (
        "也可以把文件直接放进报告文件夹，这一页会自己跟上。",
        "You can also put files into the reports folder; this page follows by itself.",
    ),
    "understood": ("理解为：", "Understood as: "),
    "as_typed": ("按原话问", "Ask as typed"),
    "searching": ("正在查找…", "Searching…"),
    "declined": ("报告里没有找到答案", "The reports do not answer this"),
    "nearest": ("最接近的段落", "Nearest passages"),
    "conflict": ("报告之间说法不一", "The reports differ"),
    "later": ("较新的是", "the later one is"),
    "unsupported": ("原文不支持", "Not supported by the source"),
    "changed": (
        "这份报告在回答之后改过，引文已对不上：",
        "The report has changed since this answer, and the quote no longer matches: ",
    ),
    "gone": ("这份报告已不在报告集里：", "This report is no longer in the collection: "),
    "sources": ("依据", "Sources"),
    "source": ("依据", "Source"),
    "page": ("第 {} 页", "page {}"),
    "close": ("关闭原文", "Close the source"),
    "previous": ("上一处依据", "Previous source"),
    "next": ("下一处依据", "Next source"),
    "find": ("在报告里查找", "Find in the report"),
    "find_none": ("没有找到", "Not found"),
    "more_above": ("往上再看", "More above"),
    "more_below": ("往下再看", "More below"),
    "as_text": ("文字", "Text"),
    "as_page": ("页面", "Page"),
    "page_image": ("{} 第 {} 页，引文已框出", "{}, page {}, with the quoted words boxed"),
    "no_image": ("这一页显示不了。", "This page cannot be shown."),
    "original": ("打开原件", "Open the original"),
    "cite": ("复制引用", "Copy citation"),
    "cite_plain": ("纯文本", "Plain text"),
    "cite_markdown": ("Markdown", "Markdown"),
    "cite_gbt": ("GB/T 7714", "GB/T 7714"),
    "copied": ("已复制。", "Copied."),
    "link_copied": (
        "已复制。对话存在这个浏览器里，这个地址只在这里打得开；要给别人看，请导出。",
        "Copied. This browser keeps the chats, and the address opens here only; for others, export the chat.",
    ),
    "not_copied": (
        "浏览器不让复制，请手动选取。",
        "The browser does not allow copying. Please select the text yourself.",
    ),
    "upload": ("上传报告", "Upload reports"),
    "drop": ("松开鼠标即可上传", "Drop the files to upload them"),
    "sending": ("正在上传 {} %", "Uploading, {} %"),
    "reading": ("已传完，正在读取…", "Uploaded, being read…"),
    "indexed": ("已收入，共 {} 段。", "Indexed; passages: {}."),
    "left_out": ("没有读入的部分", "What was left out"),
    "too_large": ("文件有 {} MiB，最多 {} MiB。", "The file has {} MiB; {} MiB is the most."),
    "unreachable": ("连不上服务器，请再试一次。", "The server cannot be reached. Please try again."),
    "search_reports": ("在报告集里查找", "Search the reports"),
    "group": ("分组", "Group by"),
    "by_nothing": ("不分组", "No groups"),
    "by_folder": ("按文件夹", "By folder"),
    "by_year": ("按年份", "By year"),
    "by_language": ("按语言", "By language"),
    "no_folder": ("最上层", "Top folder"),
    "unknown": ("未注明", "Not stated"),
    "only_this": ("只问这份", "Ask this report"),
    "details": ("详情", "Details"),
    "path": ("文件", "File"),
    "pages": ("页数", "Pages"),
    "passages": ("段落", "Passages"),
    "delete": ("删除", "Delete"),
    "really_delete": ("确定删除这份报告？文件也会删掉。", "Delete this report? Its file is deleted too."),
    "deleted": ("已删除：", "Deleted: "),
    "cancel": ("取消", "Cancel"),
    "chats": ("对话记录", "Chats"),
    "search_chats": ("在对话里查找", "Search the chats"),
    "no_chats": ("还没有对话。", "There are no chats yet."),
    "rename": ("改名", "Rename"),
    "name": ("对话的名字", "The chat's name"),
    "save": ("保存", "Save"),
    "really_delete_chat": ("确定删除这个对话？", "Delete this chat?"),
    "not_kept": (
        "浏览器存不下这个对话了；请导出后删掉一些旧的。",
        "The browser has no room to keep this chat. Export it, then delete older ones.",
    ),
    "no_chat": ("这个浏览器里没有这个对话。", "This browser does not hold that chat."),
    "unanswered": ("这个问题没有答完。", "This question was not answered to its end."),
    "again": ("再问一次", "Ask again"),
    "edit": ("修改后再问", "Edit and ask again"),
    "link": ("复制这个回答的地址", "Copy this answer's address"),
    "export_markdown": ("导出 Markdown", "Export Markdown"),
    "export_word": ("导出 Word", "Export Word"),
    "print": ("打印", "Print"),
    "answered": ("回答完毕：", "Answered: "),
    "good": ("这个回答好", "Good answer"),
    "bad": ("这个回答不好", "Bad answer"),
    "noted": ("谢谢，已记下。", "Thank you, noted."),
    "note": ("想补一句吗？哪里好，哪里不对？", "Anything to add? What is right, what is wrong?"),
    "note_kept": (
        "问题和回答会一起存在服务器上，不记是谁说的。",
        " Question and answer are kept with it on the server, without your name.",
    ),
    "submit": ("提交", "Submit"),
    "no_note": ("不用了", "No, thanks"),
    "ask_next": ("接着可以问", "Ask next"),
    "menu": ("报告与对话", "Reports and chats"),
    "dismiss": ("关闭", "Close"),
    "sign_out": ("退出登录", "Sign out"),
    "signed_in": ("已登录：", "Signed in as "),
    "most": ("每份最多 {} MiB", "{} MiB each"),
    "comma": ("，", ", "),
    "colon": ("：", ": "),
}

TEXT: dict[str, dict[str, str]] = {
    language: {key: pair[place] for key, pair in _PAIRS.items()} for place, language in enumerate(("zh", "en"))
}
LANGUAGE_NAMES = {"zh": "中文", "en": "English"}


def both(key: str) -> str:
    """One of our own texts in both languages; the page's style shows the reader's."""
    return both_of(*_PAIRS[key])


def both_of(chinese: str, english: str) -> str:
    """A sentence in both languages; the page's style shows the reader's."""
    return f'<span class="ui" lang="zh">{escape(chinese)}</span><span class="ui" lang="en">{escape(english)}</span>'
