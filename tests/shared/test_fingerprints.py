import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperparameter_tuning.shared.fingerprints import canonical_json, fingerprint, integral_numbers

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


class TestFingerprint:
    def test_is_the_same_text_on_every_machine(self) -> None:
        expected = "sha256:e31712bc2533e049331631231b09c7aff1bb1dcde09d73e2e94096816f4844c6"
        assert fingerprint({"a": [1, "é", None]}) == expected

    def test_does_not_depend_on_the_order_of_keys(self) -> None:
        assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})

    def test_keeps_types_apart(self) -> None:
        assert len({fingerprint(value) for value in (1, 1.0, True, "1", None, [1])}) == 6

    @pytest.mark.parametrize("value", [math.nan, math.inf])
    def test_refuses_what_is_no_json(self, value: float) -> None:
        with pytest.raises(ValueError, match="JSON"):
            fingerprint([value])

    @given(values)
    def test_equal_values_have_equal_texts_however_they_were_built(self, value: object) -> None:
        import json

        assert canonical_json(json.loads(canonical_json(value))) == canonical_json(value)


class TestIntegralNumbers:
    def test_makes_what_a_browser_makes_of_numbers(self) -> None:
        assert canonical_json(integral_numbers({"a": [1.0, 0.5, True]})) == '{"a":[1,0.5,true]}'
