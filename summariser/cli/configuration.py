"""Settings of a command, from its options, the environment and the configuration files."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summariser.cli.messages import say
from summariser.errors import ConfigurationError

if TYPE_CHECKING:
    from summariser.settings import Settings


def command_settings(config: Path | None, **options: Any) -> "Settings":
    """Return the settings of a command.

    The order of priority is: options that are not None, the environment, the file of --config or else
    ./summariser.toml, and the user's own configuration file.

    Args:
        config: The file that --config names, or None.
        options: Values of the command's options by the names of the settings.

    Raises:
        ConfigurationError: A value is wrong, or ./summariser.toml sets a destination of keys, texts or files.
    """
    from summariser.settings import load_settings, user_config

    own = user_config()
    found = config or _projects(own)
    files = [path for path in (found, own if _is_file(own) else None) if path is not None]
    return load_settings(config=files, **options)


def command_store(settings: "Settings", *, store: Path | None, no_store: bool, quiet: bool) -> "Settings":
    """Return the settings with the command's store: the named one, none, or the user's default.

    If the default cannot be written, the command runs without a store and says so unless `quiet`.
    """
    from summariser.settings import default_store

    if no_store and store is not None:
        raise ConfigurationError("Both --store and --no-store are given; leave one out.")
    if no_store:
        return settings.model_copy(update={"store": None})
    if settings.store is not None:
        return settings
    usual = default_store()
    if reason := _unwritable(usual):
        if not quiet:
            say(f"the store {usual} cannot be written ({reason}), so nothing is kept; name another with --store.")
        return settings
    return settings.model_copy(update={"store": usual})


def _projects(own: Path) -> Path | None:
    """Return ./summariser.toml if it exists.

    Raises:
        ConfigurationError: It sets where keys, texts or files go.
    """
    from summariser.settings import CONFIG_FILE, DESTINATIONS, read_config

    path = Path(CONFIG_FILE)
    if not _is_file(path) or (_is_file(own) and path.samefile(own)):
        return None
    if refused := sorted(DESTINATIONS & read_config(path).keys()):
        raise ConfigurationError(
            f"./{path} sets {', '.join(refused)}, which a file in the current folder may not set because it decides "
            f"where keys, texts or files go; remove it, or name the file with --config {path}."
        )
    return path


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a folder without read permission
        return False


def _unwritable(store: Path) -> str | None:
    """Return the reason why a store cannot be written, or None if it can."""
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=store.parent).close()
        if store.exists():
            store.open("ab").close()
    except OSError as error:
        return error.strerror or type(error).__name__
    return None
