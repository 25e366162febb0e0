"""Model names: `docubot` answers from the default collection, `docubot/<collection>` from that one."""

from pydantic import TypeAdapter, ValidationError

from app.core.errors import ModelNotFound
from app.models.access import Caller
from app.models.schemas import Name
from app.services.collections import DEFAULT

MODEL = "docubot"
_names: TypeAdapter[str] = TypeAdapter(Name)


def model_name(collection: str) -> str:
    return MODEL if collection == DEFAULT else f"{MODEL}/{collection}"


def collection_of(model: str, caller: Caller) -> str:
    """The collection that a model name stands for. Raises ModelNotFound, also for one out of the caller's reach."""
    family, slash, collection = model.partition("/")
    if family != MODEL:
        raise ModelNotFound()
    if not slash:
        collection = DEFAULT
    try:
        name = _names.validate_python(collection)
    except ValidationError:
        raise ModelNotFound() from None
    if not caller.may(name):
        raise ModelNotFound()
    return name
