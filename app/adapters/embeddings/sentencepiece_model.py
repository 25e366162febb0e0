"""A vocabulary as the model file that the sentencepiece library loads."""

from sentencepiece import SentencePieceNormalizer, SetMinLogLevel
from sentencepiece.sentencepiece_model_pb2 import (  # type: ignore[attr-defined]  # made at run time
    ModelProto,
    TrainerSpec,
)

from app.adapters.embeddings.e5_weights import Vocabulary

QUIET = 2
MASK = "<mask>"


def model_file(vocabulary: Vocabulary) -> bytes:
    """Serialized ModelProto. The marks are control pieces: text that spells them out does not become them."""
    model = ModelProto()
    trainer = model.trainer_spec
    trainer.model_type = TrainerSpec.UNIGRAM
    trainer.vocab_size = len(vocabulary.pieces)
    trainer.bos_id, trainer.eos_id = vocabulary.bos, vocabulary.eos
    trainer.pad_id, trainer.unk_id = vocabulary.pad, vocabulary.unk
    model.normalizer_spec.ParseFromString(_normalization(vocabulary))
    kind = ModelProto.SentencePiece
    marks = dict.fromkeys((vocabulary.bos, vocabulary.eos, vocabulary.pad), kind.CONTROL)
    marks[vocabulary.unk] = kind.UNKNOWN
    for position, (piece, score) in enumerate(zip(vocabulary.pieces, vocabulary.scores.tolist(), strict=True)):
        normal = kind.CONTROL if piece == MASK else kind.NORMAL
        model.pieces.add(piece=piece, score=score, type=marks.get(position, normal))
    return bytes(model.SerializeToString())


def _normalization(vocabulary: Vocabulary) -> bytes:
    SetMinLogLevel(QUIET)
    normalizer = SentencePieceNormalizer(
        norm_map=list(vocabulary.normalization.items()),
        add_dummy_prefix=True,
        escape_whitespaces=True,
        remove_extra_whitespaces=True,
    )
    return normalizer.serialized_normalizer_spec()
