"""Token vectors and a tokenizer -> a sentence-transformers folder."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer


def save(folder: Path, tokenizer: Tokenizer, vectors: np.ndarray) -> None:
    """Writes a StaticEmbedding folder that ``SentenceTransformer(folder)`` loads; vectors as float16.

    The tokenizer is written without indentation: the spaces would be a third of the file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    compact = json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(",", ":"))
    (folder / "tokenizer.json").write_text(compact, encoding="utf-8")
    save_file({"embedding.weight": vectors.astype(np.float16)}, folder / "model.safetensors")
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.StaticEmbedding"},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
    ]
    (folder / "modules.json").write_text(json.dumps(modules, indent=2) + "\n", encoding="utf-8")
    (folder / "1_Normalize").mkdir(exist_ok=True)
    (folder / "1_Normalize" / "config.json").write_text("{}\n", encoding="utf-8")
    config = {
        "model_type": "SentenceTransformer",
        "similarity_fn_name": "cosine",
        "prompts": {"query": "", "document": ""},
    }
    (folder / "config_sentence_transformers.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
