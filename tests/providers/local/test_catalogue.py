import msgspec
import pytest

from sampan.contract.errors import UnknownModel
from sampan.contract.models import Realm
from sampan.providers.local import catalogue


@pytest.mark.parametrize(
    ("free", "name"),
    [
        (8 * 10**9, "qwen2.5-coder-1.5b"), (6 * 10**9, "qwen2.5-coder-1.5b"), (6 * 10**9 - 1, "qwen2.5-coder-0.5b"),
        (2 * 10**9, "qwen2.5-coder-0.5b"), (2 * 10**9 - 1, "smollm2-135m"), (0, "smollm2-135m"),
    ],
)  # fmt: skip
def test_the_default_is_what_fits_the_free_memory(free, name):
    assert catalogue.choose_default(free).name == name


def test_every_entry_is_pinned_and_has_a_source():
    for entry in catalogue.entries():
        assert len(bytes.fromhex(entry.sha256)) == 32
        assert entry.sources
        assert entry.licence == "Apache-2.0"
        for source in entry.sources:
            if isinstance(source, catalogue.Wheels):
                assert len(set(source.requirements)) == source.parts
                assert all("==" in requirement for requirement in source.requirements)


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(UnknownModel, match=r"smollm2-135m"):
        catalogue.find("smollm3")


def test_a_typo_in_the_data_is_refused():
    with pytest.raises(msgspec.ValidationError, match="nmae"):
        catalogue.parse(b'[[model]]\nnmae = "x"\n')


def test_a_local_model_is_personal_with_nothing_unknown():
    model = catalogue.as_model("x", context=8, capabilities=frozenset({"chat"}))
    assert model.realm is Realm.PERSONAL
    assert "unknown" not in (model.jurisdiction, model.operator, model.retention, model.trains_on_data)
