"""The façade: what is public exists, is documented, and is all there is."""

import importlib.resources

import pytest

import summariser
from summariser import errors


@pytest.mark.parametrize("name", summariser.__all__)
def test_every_public_name_exists_and_is_documented(name):
    value = getattr(summariser, name)
    assert name == "__version__" or value.__doc__


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="attribute nothing"):
        _ = summariser.nothing


def test_every_error_of_the_module_is_public_and_drawn_in_its_docstring():
    own = {
        name for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.SummariserError)
    }  # fmt: skip
    assert own <= set(summariser.__all__)
    assert all(name in (errors.__doc__ or "") for name in own)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("InputError", 2), ("ConfigurationError", 2), ("WeightsError", 3), ("ProviderError", 3), ("RefusedError", 3),
        ("TruncatedError", 4), ("InvalidOutputError", 4), ("OutputError", 4),
    ],
)  # fmt: skip
def test_every_error_has_its_exit_code(name, code):
    assert getattr(errors, name).exit_code == code


def test_the_version_is_the_one_of_the_package():
    from importlib.metadata import version

    assert summariser.__version__ == version("structured-summariser")


def test_the_package_is_typed():
    assert (importlib.resources.files("summariser") / "py.typed").is_file()
