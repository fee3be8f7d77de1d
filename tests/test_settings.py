"""Settings come from WENBAO_* and say what is wrong with a value."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settings import ROOT, Settings


def test_without_variables_the_defaults_hold() -> None:
    assert Settings.read({}) == Settings()
    assert Settings.read({"HOME": "x", "PORT": "1"}) == Settings()


def test_the_defaults_stay_in_the_checkout() -> None:
    settings = Settings()
    assert settings.reports == ROOT / "reports"
    assert settings.index.is_relative_to(ROOT)
    assert settings.llm_url == ""


def test_each_kind_of_value_is_read() -> None:
    environ = {
        "WENBAO_REPORTS": "elsewhere",
        "WENBAO_PORT": "8000",
        "WENBAO_LLM_TIMEOUT": "2.5",
        "WENBAO_USE_KEYWORDS": "No",
        "WENBAO_LLM_MODEL": "qwen3",
        "WENBAO_UNSUPPORTED": "drop",
    }
    settings = Settings.read(environ)
    assert settings.reports == Path("elsewhere")
    assert settings.port == 8000
    assert settings.llm_timeout == 2.5
    assert settings.use_keywords is False
    assert settings.llm_model == "qwen3"
    assert settings.unsupported == "drop"


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("WENBAO_PORT", "many", "a whole number"),
        ("WENBAO_PORT", "80.5", "a whole number"),
        ("WENBAO_DECLINE_BELOW", "half", "a number"),
        ("WENBAO_USE_VECTORS", "maybe", "true or false"),
        ("WENBAO_UNSUPPORTED", "shout", "strike or drop"),
    ],
)
def test_a_bad_value_is_named_with_what_it_should_be(name: str, value: str, wanted: str) -> None:
    with pytest.raises(ValueError, match=wanted) as error:
        Settings.read({name: value})
    assert f"{name} has value {value!r}" in str(error.value)


def test_an_unknown_setting_is_named_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="WENBAO_PROT is no setting") as error:
        Settings.read({"WENBAO_PROT": "1"})
    assert "WENBAO_PORT" in str(error.value)


@pytest.mark.parametrize("name", ["WENBAO_REPORTS", "WENBAO_INDEX"])
def test_no_folder_is_not_the_folder_one_happens_to_be_in(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} is empty. Leave it out, or name a folder."):
        Settings.read({name: " "})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WENBAO_PASSAGE_SIZE", "0"),
        ("WENBAO_CANDIDATES", "-1"),
        ("WENBAO_HITS", "0"),
        ("WENBAO_DECLINE_BELOW", "nan"),
        ("WENBAO_LLM_TIMEOUT", "nan"),
        ("WENBAO_LLM_TIMEOUT", "0"),
        ("WENBAO_WATCH", "nan"),
        ("WENBAO_ANSWER_TIMEOUT", "inf"),
    ],
)
def test_a_number_that_nothing_can_be_done_with_is_named(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"{name} has value .* It should be from"):
        Settings.read({name: value})


@given(st.integers(1, 1000), st.floats(0, 1), st.booleans(), st.text())
def test_what_is_written_is_read(whole: int, number: float, yes: bool, text: str) -> None:
    environ = {
        "WENBAO_HITS": str(whole),
        "WENBAO_DECLINE_BELOW": str(number),
        "WENBAO_USE_VECTORS": str(yes),
        "WENBAO_HOST": text,
    }
    settings = Settings.read(environ)
    assert (settings.hits, settings.decline_below, settings.use_vectors, settings.host) == (whole, number, yes, text)


def test_settings_do_not_change() -> None:
    settings = Settings()
    with pytest.raises(FrozenInstanceError):
        settings.port = 1  # type: ignore[misc]
    assert hash(settings) == hash(Settings())
    assert all(field.default is not None for field in fields(Settings))
