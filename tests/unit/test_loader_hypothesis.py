# SPDX-License-Identifier: MIT
"""Whatever is thrown at the loader, it returns a Config or raises InputError, nothing else."""

import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from solver.base.errors import InputError
from solver.base.units import unit_of
from solver.check.report import report
from solver.input.config import Config
from solver.input.loading import parse

ordinary = settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)

LAYER = Config.model_fields["layers"].annotation.__args__[0]
SECTIONS = {
    key: field.annotation
    for key, field in Config.model_fields.items()
    if hasattr(field.annotation, "model_fields")
}
KEYS = sorted({key for model in (Config, LAYER, *SECTIONS.values()) for key in model.model_fields})

units = st.sampled_from(
    ["", " m", " um", " S/cm", " cm^2/s", " V", " mol/l", " s", " °C", " m^9^9"]
)
numbers = st.one_of(
    st.floats(), st.integers(-(10**400), 10**400), st.booleans(), st.floats(1e-12, 1e12)
)
quantities = st.builds(lambda number, unit: f"{number}{unit}", numbers, units)
scalars = st.one_of(
    numbers, quantities, st.none(), st.text(max_size=12), st.dates(), st.binary(max_size=4)
)
keys = st.one_of(st.sampled_from(KEYS), st.text(max_size=6), st.integers(-2, 3))
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def mutated_configs(draw):
    """A valid config in which a few values were replaced, added or removed."""
    data = {
        "title": "t",
        "layers": [{"name": "a", "thickness": "30 um"}, {"name": "b", "thickness": "20 um"}],
        **{section: {} for section in SECTIONS},
    }
    places = [(data, Config), *((layer, LAYER) for layer in data["layers"])]
    places += [(data[section], model) for section, model in SECTIONS.items()]
    for _ in range(draw(st.integers(1, 3))):
        place, model = draw(st.sampled_from(places))
        kind = draw(st.sampled_from(["plausible", "plausible", "any", "remove"]))
        if kind == "plausible":
            key = draw(st.sampled_from(sorted(model.model_fields)))
            unit = unit_of(model.model_fields[key])
            place[key] = f"{draw(st.floats(-9, 9))}e{draw(st.integers(-30, 30))} {unit}"
        elif kind == "any":
            place[draw(keys)] = draw(values)
        elif place:
            place.pop(draw(st.sampled_from(sorted(place, key=str))))
    return data


def loads_or_is_refused(text, overrides=()):
    try:
        config = parse(text, list(overrides))
    except InputError as error:
        assert str(error)
        return None
    assert isinstance(config, Config)
    return config


@ordinary
@given(mutated_configs())
def test_mutated_config(data):
    stream = io.StringIO()
    YAML(typ="safe", pure=True).dump(data, stream)
    config = loads_or_is_refused(stream.getvalue())
    if config is not None:
        try:
            str(report(config))
        except InputError as error:
            assert str(error)


@ordinary
@given(
    st.text(alphabet=st.sampled_from("ab:-[]{}&*!|>'\"%@`#?,. \n\t0123e_~<=\\\x00é"), max_size=60)
)
def test_random_yaml_text(text):
    loads_or_is_refused(text)


@ordinary
@given(st.text(max_size=40))
def test_any_text(text):
    loads_or_is_refused("title: t\nlayers: [{name: a, thickness: 50 um}]\n" + text)


@ordinary
@given(
    st.lists(
        st.one_of(
            st.text(max_size=20),
            st.builds(
                lambda path, value: ".".join(map(str, path)) + f"={value}",
                st.lists(keys, min_size=1, max_size=3),
                scalars,
            ),
        ),
        max_size=3,
    )
)
def test_random_overrides(overrides):
    loads_or_is_refused("title: t\nlayers: [{name: a, thickness: 50 um}]\n", overrides)


@ordinary
@given(st.sampled_from(KEYS), quantities | st.text(alphabet="0123456789.e+-um^*/()% ", max_size=12))
def test_random_quantities(key, value):
    loads_or_is_refused(
        "title: t\nlayers: [{name: a, thickness: 50 um}]\n",
        [f"layers.0.{key}='{value}'", f"phase_field.{key}='{value}'"],
    )
