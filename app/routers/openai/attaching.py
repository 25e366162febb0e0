"""Files to be attached, as the services take them."""

from collections.abc import Sequence

from app.core.errors import FileNotFound
from app.models.schemas_openai_citations import FILE
from app.models.schemas_openai_storefiles import NewStoreFile
from app.models.stores import Attachment
from app.routers.openai.paths import stored_id


def attachments(wanted: Sequence[NewStoreFile]) -> list[Attachment]:
    """Raises FileNotFound for an id that can name nothing."""
    return [
        Attachment(stored_id(FILE, item.file_id, FileNotFound), item.attributes or {}, *item.sizes()) for item in wanted
    ]
