"""Keys of the store: a hash of everything that determines a summary, or what is known of a server."""

import hashlib
import json

from summariser.documents import Document
from summariser.models import limits_of, sampling_of, server_of, verifies
from summariser.prompts import Prompt
from summariser.schema import SCHEMA_VERSION
from summariser.settings import Settings
from summariser.version import VERSION


def key_of(document: Document, prompt: Prompt, model: str, settings: Settings) -> str:
    """Return the key of a summary: the SHA-256 of everything that determines it.

    Args:
        document: The document.
        prompt: The prompt.
        model: The name of the model.
        settings: The limits, the server, the sampling parameters and the optional passes.
    """
    determined_by = {
        "text": document.sha256,
        "published": document.published.isoformat() if document.published else None,
        "notes": document.notes,
        "found": [document.title, document.author, document.language, document.address],
        "places": [[getattr(place, name) for name in place.__slots__] for place in document.places],
        "prompt": prompt.sha256,
        "passes": [verifies(model, settings), settings.infer_risks, settings.language],
        "model": model,
        "limits": limits_of(model, settings),
        "server": server_of(model, settings),
        "sampling": sampling_of(settings),
        "schema": SCHEMA_VERSION,
        "summariser": VERSION,
    }
    canonical = json.dumps(determined_by, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
