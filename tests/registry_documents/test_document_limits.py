"""What any document must keep to, however it is written."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperparameter_tuning.registry.document_limits import MAX_BYTES, MAX_DEPTH, shape_findings
from hyperparameter_tuning.registry.validation import parse_document
from hyperparameter_tuning.shared.errors import TooLargeError, UserError
from tests.registry_documents.cases import codes, judged


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


class TestParsing:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ('{"budget": {"max_seconds": NaN}}', "not_finite"),
            ('{"budget": {"max_seconds": Infinity}}', "not_finite"),
            ('{"budget": {"max_seconds": -Infinity}}', "not_finite"),
            ('{"budget": {"max_seconds": 1e999}}', "not_finite"),
            ("{", "invalid_json"),
            ("", "invalid_json"),
            ('{"a": 1, "a": 2}', "invalid_json"),
            ("1" * 5000, "invalid_json"),
            (b"\xff\xfe\xfa", "invalid_json"),
            (nested(21), "too_deep"),
            (nested(100_000), "too_deep"),
            ('"' + "x" * MAX_BYTES + '"', "too_large"),
        ],
    )
    def test_refuses_with_a_code_and_a_sentence(self, text: str | bytes, code: str) -> None:
        with pytest.raises(UserError) as caught:
            parse_document(text)
        assert caught.value.code == code
        assert caught.value.message.endswith((".", ";")) or "." in caught.value.message

    def test_the_limits_themselves_are_fine(self) -> None:
        parse_document(nested(MAX_DEPTH))
        parse_document('"' + "x" * (MAX_BYTES - 2) + '"')

    def test_size_and_depth_are_too_large(self) -> None:
        for text in (nested(21), '"' + "x" * MAX_BYTES + '"'):
            with pytest.raises(TooLargeError):
                parse_document(text)

    def test_the_pointer_leads_to_the_number(self) -> None:
        with pytest.raises(UserError) as caught:
            parse_document('{"rows": [{"low": 1e400}]}')
        assert caught.value.pointer == "/rows/0/low"

    def test_callers_may_allow_more(self) -> None:
        assert parse_document('"' + "x" * MAX_BYTES + '"', max_bytes=2 * MAX_BYTES)
        assert parse_document(nested(30), max_depth=30)

    def test_texts_of_other_documents_may_be_long(self) -> None:
        assert parse_document('{"path": "' + "x" * 5000 + '"}')["path"]

    @given(
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers(-(2**53) + 1, 2**53 - 1)
            | st.floats(allow_nan=False, allow_infinity=False)
            | st.text(),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
            max_leaves=10,
        )
    )
    def test_anything_finite_comes_back_as_it_was(self, document: Any) -> None:
        import json

        assert parse_document(json.dumps(document)) == document


class TestLimits:
    @pytest.mark.parametrize(
        ("document", "pointer", "code"),
        [
            ({"budget": {"max_seconds": float("nan")}}, "/budget/max_seconds", "not_finite"),
            ({"budget": {"target_score": float("inf")}}, "/budget/target_score", "not_finite"),
            ({"target": "x" * 257}, "/target", "too_long"),
            ({"x" * 257: 1}, "", "too_long"),
            ({"target": "a\x00b"}, "/target", "invalid_text"),
            ({"target": "\ud800"}, "/target", "invalid_text"),
            ({"execution": {"seed": 2**53}}, "/execution/seed", "out_of_bounds"),
            ({"target": object()}, "/target", "wrong_type"),
            ({"target": {1: "a"}}, "/target", "wrong_type"),
            ({"a/b": {"c~d": float("nan")}}, "/a~1b/c~0d", "not_finite"),
        ],
    )
    def test_a_value_that_cannot_be_kept_is_refused_before_it_is_read(
        self, document: Any, pointer: str, code: str
    ) -> None:
        validation = judged(document)
        assert [(item.pointer, item.code) for item in validation.findings] == [(pointer, code)]
        assert validation.config is None
        assert validation.task is None

    def test_a_deep_document_is_refused_without_recursion(self) -> None:
        document: list[Any] = []
        for _ in range(50_000):
            document = [document]
        assert codes(judged(document)) == ["too_deep"]

    def test_a_large_document_is_refused(self) -> None:
        document = {"search_space": {f"name {index}": [index] * 100 for index in range(5000)}}
        assert codes(judged(document)) == ["too_large"]


@pytest.mark.parametrize("depth", range(1, 7))
@pytest.mark.parametrize("leaf", [1, {}, [], "x"])
@pytest.mark.parametrize("limit", [1, 3, 5])
def test_the_quick_look_finds_what_the_one_with_pointers_finds(depth: int, leaf: Any, limit: int) -> None:
    document = leaf
    for level in range(depth):
        document = {"a": document, "b": 1} if level % 2 else [0.5, document]
    deep = any(finding.code == "too_deep" for finding in shape_findings(document, limit))
    if deep:
        with pytest.raises(TooLargeError):
            parse_document(json.dumps(document), max_depth=limit)
    else:
        assert parse_document(json.dumps(document), max_depth=limit) == document
