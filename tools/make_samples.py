"""Makes the sample reports that are no plain text: a PDF in two columns and a DOCX, both with tables and footnotes.

``pip install reportlab python-docx``, then ``python -m tools.make_samples``: writes into eval/reports.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from index.commands import Parser

REPORTS = Path(__file__).resolve().parent.parent / "eval" / "reports"
LICENCE = "Written for Wenbao as a sample; every name and figure is invented. Licence Apache-2.0."

#: The texts: a blank line between paragraphs, "## " before headings, "- " before list items, [1] where a footnote
#: is called, {name} where a table stands.
WIND_TITLE = "Haldersund Wind Farm: Monitoring Report 2024"
WIND_DATE = datetime(2025, 2, 28, 9, tzinfo=UTC)
WIND = """
The Haldersund wind farm stands in the sea 19 kilometres off the island of Brekkoya. Its 42 turbines of 6 megawatts
each were built between 2018 and 2020. The licence obliges the owner, Haldersund Vind, to report every year on the
output, on the state of the turbines and on what the farm does to birds, porpoises and fishing. This is the fifth
report. It was written by Liv Sandaker-Moe and checked by the Coastal Institute of Norvik, which was paid by the
licensing authority and not by the owner.

## Output

In 2024 the farm fed 879.8 gigawatt hours into the grid, the most since it was built and 2.2% more than in 2023. The
wind was no stronger than usual: the mean at the height of the hub was 9.6 metres a second, and 9.7 the year before.
What made the difference was that the export cable, which had been out of use for 31 days in 2023, failed for 12
days only.

{output}

Availability[1] was 94.6%, short of the 96% that the maker of the turbines warrants. The shortfall lies wholly in
the middle group. Between April and August the gearboxes of five turbines there had to be opened, because a delivery
of oil in the autumn of 2023 had the wrong viscosity and had worn the bearings. The supplier of the oil, Maritim
Smoring, has accepted the blame and pays 2.7 million euros. Replacing all five sets of bearings took 94 days of
crane ship.

The failure of the cable in March had another cause. A dredger on its way to the harbour of Brekkoya dragged its
anchor over the cable at a depth of 23 metres. The splice was made in nine days, and three more were lost to waves.
The cable is now covered with rock along 1.8 kilometres where ships cross it.

A further 14.6 gigawatt hours could have been generated but were not, since the operator of the grid asked for less
power on 41 occasions, most of them on sunny Sundays in May and June. The owner is paid for this at the price of the
market.

## Birds

Observers were on the platform for 68 days, and two radars and six cameras worked all the year round. The table
gives what was seen, with the share of flights which crossed the area swept by the blades.

{birds}

Herring gulls are the ones at risk, as they follow fishing boats into the farm. Razorbills fly close to the water
and are hardly ever endangered, but they keep away: within two kilometres of the turbines their density is 60% lower
than before building. Finding few carcasses proves little, because most of them sink or drift off[2]; the model of
the institute puts the likely number of birds killed in the year at 130 to 210.

One blade of each of seven turbines was painted black in 2022, in the hope that moving blades would be seen better.
After three seasons the flights through the swept area have fallen by 37% at these turbines and by 6% at the seven
with which they are compared. The institute recommends painting another fourteen and warns that white-tailed eagles,
for which the method was first tried, are too rare here for any conclusion.

From 20 April to 10 May, when most migrants pass, turbines are stopped at night if the radar counts more than 500
birds an hour. This happened on four nights in 2024 and cost 0.9 gigawatt hours.

## Porpoises and noise

Eleven hydrophones record the clicks of porpoises. In 2018, while piles were being driven, detections fell to 21% of
what they had been; by 2021 they were back at 88%, and in 2024 they stood at 104% of the level before building.
Porpoises come into the farm mainly at night. The likely reason is food: cod gather round the foundations, and
trawling is forbidden there.

The hum of the turbines can be heard under water up to 700 metres away, and above water on Brekkoya not at all. Two
complaints of noise from the island turned out to concern a pump of the fish factory.

## Fishing

Boats under 15 metres may set pots between the turbines, but not nets. Fourteen boats made use of this, against nine
in 2023. They landed 61 tonnes of lobster and crab, and the catch for each pot was 1.4 times that in the area of
comparison to the east. Trawlers have lost about 4% of their former grounds and are paid 380,000 euros a year for
it, an agreement that ends in 2027.

## Money for the island

The owner pays 1.15 euros into the fund of Brekkoya for each megawatt hour. In 2024 that made 1.01 million euros.
The fund built a school kitchen, keeps the ferry running after eight in the evening, and gives 40 pupils a year a
grant of 2,500 euros. A proposal to pay the money out to households was rejected by the islanders in September by
412 votes to 287.

## What comes next

- Bearings of the remaining nine turbines that had the same oil are inspected by June 2025.
- Fourteen more turbines get one black blade, if the maker agrees that the warranty stands.
- A second export cable is being studied; it would cost 46 million euros.
- The next count of seabirds at the colony of Storskjaer, the first since 2019, is to be held in 2026.

The farm is expected to yield between 870 and 900 gigawatt hours in 2025. The owner has asked to extend the licence,
which ends in 2043, by ten years; the authority will not decide before 2028.
"""
WIND_TABLES = {
    "output": (
        "Table 1. Output by group of turbines (gigawatt hours) and availability in 2024 (%)",
        [
            ["Group", "2022", "2023", "2024", "Availability"],
            ["North", "312.4", "298.7", "321.9", "96.8"],
            ["Middle", "287.1", "291.3", "276.5", "91.2"],
            ["South", "264.8", "270.6", "281.4", "95.9"],
            ["All", "864.3", "860.6", "879.8", "94.6"],
        ],
    ),
    "birds": (
        "Table 2. Birds in 2024: flights seen, share at blade height (%), carcasses found",
        [
            ["Species", "Flights", "At height", "Carcasses"],
            ["Kittiwake", "4,120", "18", "3"],
            ["Gannet", "1,275", "26", "2"],
            ["Razorbill", "2,980", "2", "0"],
            ["Herring gull", "1,860", "41", "7"],
        ],
    ),
}
#: What stands at the foot of each page.
WIND_NOTES = {
    1: [
        "1 Availability is the share of hours in which a turbine could have run, whether or not the wind blew.",
        "2 In a trial with 50 dummies the boats found 11 again within a week.",
    ],
}

PORT_TITLE = "Kestrel Bay Port Authority: Annual Review 2024"
PORT_DATE = datetime(2025, 3, 20, 9, tzinfo=UTC)
PORT = """
The Kestrel Bay Port Authority owns and runs the harbour of Kestrel Bay, with nine berths, two grain silos and a
ferry ramp. It is a public trust: it has no shareholders, and what it earns goes back into the harbour. The review
covers the year to 31 December 2024. Amounts are in pounds.

## The year in brief

4.13 million tonnes of cargo crossed the quays, 3.3% more than in 2023. Containers reached a record; grain had its
poorest year since 2012. Income rose to £38.7 million and the surplus to £5.2 million, of which £1.0 million was set
aside for the pension scheme. The harbour master, Captain Orla Venn, retired in March after 19 years, and Captain
Dev Ramanathan took her place. Chief executive is Philippa Stroud.

## Cargo

{cargo}

Grain fell by a tenth. The harvest in the hinterland was spoilt by rain in August, and one exporter, Hollis & Dray,
moved its wheat to the port of Avonreach, where ships of 12 metres draught can load; ours take 10.4 metres at most.
Timber gained because a pellet mill opened at Crowle in February. It receives logs by sea and intends to double its
purchases by 2026.

Containers grew by 5.7% in tonnage. A second weekly service to Rotterdam, run by Nordkette Lines, has called on
Thursdays since May. The average container waited 3.8 days in the yard, against 4.6 days in 2023, thanks to an
appointment system for lorries[1] which shortened their turnaround from 74 minutes to 41.

## Ships and safety

Of the 831 calls, 97% were served within two hours of the agreed time. Pilots were taken on 644 occasions. On 3
November the coaster Ilse Marren struck the inner breakwater in fog. Nobody was hurt; some 4 cubic metres of diesel
ran out, of which three quarters were recovered with booms. The inquiry blamed neither the pilot nor the weather but
the ship's radar, which the crew had switched to the wrong range. The repair of the breakwater cost £610,000 and was
paid by the ship's insurer.

There were 9 accidents at work that led to absence, two fewer than the year before. Since July nobody may walk on
the container yard; a shuttle bus takes drivers to the office.

## Dredging

The channel silts up at about 40 centimetres a year. In 2024 we dredged 312,000 cubic metres at a cost of £2.9
million. Two thirds of the mud went to the licensed ground at sea; the remainder was pumped onto the salt marsh at
Pell Sands, where it raises land that is being drowned by the rising sea[2]. Deepening the channel to 12 metres was
examined and turned down: it would cost £64 million, and the extra grain would bring in £1.3 million a year.

## Electricity from the shore

Since September ships at berths 4 and 5 can switch off their engines and take power from land. 38 of 96 ships that
could have connected did so. Price is the reason most often given for not doing so: a kilowatt hour from the shore
costs 21 pence, one made on board about 17. From 2025 those who connect pay a third less in berth dues.

{dues}

Emissions of the authority's own vehicles and buildings came to 3,140 tonnes of carbon dioxide, 12% less than in
2023. Four electric straddle carriers have replaced diesel ones; the remaining eleven follow by 2029.

## People and town

The authority employs 268 people, of whom 31 are apprentices. The school of Kestrel Bay sent 420 pupils on the
harbour tour. A complaint of 57 residents about noise at night led to rubber mats under the scrap loader, and scrap
is no longer handled between eleven in the evening and six in the morning. The cruise trade divides opinion in town:
22 cruise ships called, and a survey of shopkeepers found 48% wanting more of them and 39% fewer. The authority will
not go beyond 25 a year.

## Outlook

For 2025 we budget for 4.2 million tonnes and a surplus of £4.8 million; it will be lower because two lock gates
have to be overhauled for £1.6 million. Priorities are:

- a new roof for grain silo B, which was built in 1971;
- a third gate for lorries on Saltmarket Road;
- an agreement with the union on working the Thursday ship at night;
- shore power at berth 7.
"""
PORT_NOTES = [
    "Lorries book a slot of half an hour; those who come without one wait until there is a gap.",
    "The marsh has lost 14 hectares since 1990. The trial is watched by the university of Marlow Cross until 2030.",
]
#: A cell that is empty belongs to the one on its left (in the header) or above (in the first column).
PORT_TABLES = {
    "cargo": (
        "Table 1: Cargo (thousand tonnes) and calls of ships",
        2,
        [
            ["Trade", "Cargo", "2023", "", "2024", ""],
            ["", "", "Tonnes", "Calls", "Tonnes", "Calls"],
            ["Bulk", "Grain", "612", "58", "548", "51"],
            ["", "Timber", "287", "74", "331", "83"],
            ["", "Aggregates", "905", "112", "940", "118"],
            ["Unitised", "Containers", "1,430", "206", "1,512", "214"],
            ["", "Ro-ro trailers", "768", "361", "802", "365"],
            ["All", "All", "4,002", "811", "4,133", "831"],
        ],
    ),
    "dues": (
        "Table 2: Berth dues (pounds per gross tonne)",
        1,
        [
            ["Kind of ship", "2024", "2025"],
            ["Cargo ships", "0.42", "0.44"],
            ["Cruise ships", "0.55", "0.70"],
            ["Fishing boats", "0.18", "0.18"],
        ],
    ),
}


def main(arguments: list[str] | None = None) -> None:
    """Write both samples."""
    about = "Makes the sample reports that are no plain text: a PDF and a DOCX."
    Parser(prog="python -m tools.make_samples", description=about).parse_args(arguments)
    (REPORTS / "haldersund-wind-2024.en.pdf").write_bytes(pdf())
    (REPORTS / "kestrel-port-2024.en.docx").write_bytes(docx())


def blocks(text: str) -> Iterator[str]:
    """The paragraphs, headings, list items and ``{tables}`` of a text in their order, each on one line."""
    for block in re.split(r"\n\s*\n|\n(?=- )", text.strip()):
        yield " ".join(block.split())


def pdf() -> bytes:
    """The wind farm's report: a title over two columns, tables in them, footnotes at the foot of their page."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import mm
    from reportlab.platypus import (
        BaseDocTemplate,
        Frame,
        NextPageTemplate,
        PageTemplate,
        Paragraph,
        Table,
    )

    body = ParagraphStyle("body", fontName="Times-Roman", fontSize=9.5, leading=12, spaceAfter=5)
    heading = ParagraphStyle("heading", parent=body, fontName="Helvetica-Bold", fontSize=12, leading=15, spaceBefore=5)
    title = ParagraphStyle("title", parent=heading, fontSize=19, leading=24)
    caption = ParagraphStyle("caption", parent=body, fontName="Times-Italic", fontSize=9)
    lines: list[Any] = [("FONT", (0, 0), (-1, -1), "Times-Roman", 8.5), ("FONT", (0, 0), (-1, 0), "Times-Bold", 8.5)]
    lines += [("LINEABOVE", (0, 0), (-1, 1), 0.6, "black"), ("LINEBELOW", (0, -1), (-1, -1), 0.6, "black")]
    width, height, gap, edge = 82 * mm, A4[1] - 50 * mm, 8 * mm, 18 * mm

    def furniture(canvas: Any, _: object) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(edge, A4[1] - 14 * mm, "Haldersund Vind | Monitoring Report 2024")
        canvas.drawRightString(A4[0] - edge, 10 * mm, f"Page {canvas.getPageNumber()}")
        canvas.setFont("Times-Roman", 7.5)
        for number, note in enumerate(WIND_NOTES.get(canvas.getPageNumber(), [])):
            canvas.drawString(edge, (20 - 4 * number) * mm, note)

    def columns(top: float) -> list[Any]:
        return [Frame(edge + side * (width + gap), 27 * mm, width, top - 27 * mm, 0, 0, 0, 0) for side in (0, 1)]

    first = [Frame(edge, height + 2 * mm, A4[0] - 2 * edge, 24 * mm, 0, 0, 0, 0), *columns(height)]
    story = [
        NextPageTemplate("later"),
        Paragraph(WIND_TITLE, title),
        Paragraph(f"Published {WIND_DATE:%d %B %Y}", body),
    ]
    story += [Paragraph(LICENCE, caption)]
    for block in blocks(WIND):
        text = re.sub(r"\[(\d)\]", r"<super>\1</super>", escape(block).removeprefix("## "))
        if named := re.fullmatch(r"\{(\w+)\}", block):
            said, rows = WIND_TABLES[named[1]]
            story += [Paragraph(said, caption), Table(rows, style=lines, hAlign="LEFT", spaceAfter=8)]
        elif block.startswith("- "):
            story.append(Paragraph(text[2:], body, bulletText="•"))
        else:
            story.append(Paragraph(text, heading if block.startswith("## ") else body))
    os.environ["SOURCE_DATE_EPOCH"] = str(int(WIND_DATE.timestamp()))
    buffer = BytesIO()
    document = BaseDocTemplate(buffer, pagesize=A4, title=WIND_TITLE, author="Haldersund Vind")
    pages = [("first", first), ("later", columns(A4[1] - 20 * mm))]
    document.addPageTemplates([PageTemplate(name, frames, onPage=furniture) for name, frames in pages])
    document.build(story)
    return buffer.getvalue()


def docx() -> bytes:
    """The port's report: headings, lists, a table with merged cells, footnotes."""
    from docx import Document

    document = Document()
    document.core_properties.title = PORT_TITLE
    document.core_properties.author = "Kestrel Bay Port Authority"
    document.core_properties.created = PORT_DATE
    document.add_heading(PORT_TITLE, 0)
    document.add_paragraph(f"Published {PORT_DATE:%d %B %Y}. {LICENCE}")
    for block in blocks(PORT):
        if named := re.fullmatch(r"\{(\w+)\}", block):
            add_table(document, *PORT_TABLES[named[1]])
        elif block.startswith("## "):
            document.add_heading(block[3:], 1)
        else:
            paragraph = document.add_paragraph(style="List Bullet" if block.startswith("- ") else None)
            for part in re.split(r"(\[\d\])", block.removeprefix("- ")):
                run = paragraph.add_run("" if part[:1] == "[" else part)
                if part[:1] == "[":
                    run._r.append(element(f'<w:footnoteReference {NAMESPACE} w:id="{part[1:-1]}"/>'))
    add_footnotes(document)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def element(xml: str) -> Any:
    """A piece of a document's XML."""
    from docx.oxml import parse_xml

    return parse_xml(xml)


def add_table(document: Any, caption: str, headers: int, rows: list[list[str]]) -> None:
    """A caption and a table below it, in which empty cells are merged with those they belong to."""
    document.add_paragraph(caption)
    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    for y, row in enumerate(rows):
        for x, text in enumerate(row):
            if text:
                table.cell(y, x).text = text
    for y, row in enumerate(rows):
        for x, text in enumerate(row):
            if not text:
                beside = y < headers and x > 0 and rows[0][x] == ""
                table.cell(y, x - 1 if beside else x).merge(table.cell(y if beside else y - 1, x))


def add_footnotes(document: Any) -> None:
    """The notes that ``[1]`` and its like call; python-docx has no way of its own to write them."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    shape = (
        '<w:footnote w:id="{}"><w:p><w:r><w:footnoteRef/><w:t xml:space="preserve"> {}</w:t></w:r></w:p></w:footnote>'
    )
    notes = [shape.format(number, escape(note)) for number, note in enumerate(PORT_NOTES, start=1)]
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    xml = f'<?xml version="1.0" encoding="UTF-8"?><w:footnotes {NAMESPACE}>{"".join(notes)}</w:footnotes>'
    part = Part(PackURI("/word/footnotes.xml"), kind, xml.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


if __name__ == "__main__":
    main()
