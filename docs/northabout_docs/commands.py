"""The reference of the commands, from the commands themselves."""

from __future__ import annotations

import re
from typing import Any

HEAD = """# Commands

All commands of `northabout`, from their own help: `northabout COMMAND --help` prints the same. Data goes to standard
output, messages and progress to standard error. `python -m northabout` is the same command.

"""


def commands_page() -> str:
    """Markdown: each command with its usage, arguments and options."""
    from typer.main import get_command

    from sim.cli.app import EXIT_CODES, app

    group: Any = get_command(app)
    found = list(_leaves(group, ("northabout",)))
    rows = [f"| [`{' '.join(names)}`](#{_anchor(names)}) | {_first(command)} |" for names, command in found]
    table = "\n".join(["| command | does |", "|---|---|", *rows])
    return f"{HEAD}{table}\n\n{EXIT_CODES}\n\n" + "\n".join(_section(names, command) for names, command in found)


def _leaves(command: Any, names: tuple[str, ...]) -> Any:
    """Commands with their names, groups opened; a group that does something by itself is listed too."""
    below = getattr(command, "commands", None)
    if below is None or (len(names) > 1 and getattr(command, "invoke_without_command", False)):
        yield names, command
    for name, one in (below or {}).items():
        if not one.hidden:
            yield from _leaves(one, (*names, name))


def _anchor(names: tuple[str, ...]) -> str:
    return "-".join(names)


def _first(command: Any) -> str:
    return _plain((command.help or command.short_help or "").strip().split("\n\n")[0])


def _section(names: tuple[str, ...], command: Any) -> str:
    """A command: heading, what it does, usage, tables of arguments and options."""
    params = [p for p in command.params if p.name != "help" and not getattr(p, "hidden", False)]
    arguments = [p for p in params if p.param_type_name == "argument"]
    options = [p for p in params if p.param_type_name == "option"]
    usage = " ".join([*names, *(_shown(a) for a in arguments), *(["[OPTIONS]"] if options else [])]).replace("\\", "")
    text = "\n\n".join(_plain(part) for part in (command.help or "").strip().split("\n\n"))
    parts = [f"({_anchor(names)})=\n## `{' '.join(names)}`", text, f"```console\n$ {usage}\n```"]
    if arguments:
        rows = [f"| `{_metavar(a)}` | {_plain(getattr(a, 'help', None) or '')} |" for a in arguments]
        parts.append("\n".join(["| argument | meaning |", "|---|---|", *rows]))
    if options:
        rows = [f"| {_flags(o)} | {_plain(o.help or '')} | {_default(o)} |" for o in options]
        parts.append("\n".join(["| option | meaning | default |", "|---|---|---|", *rows]))
    return "\n\n".join(p for p in parts if p) + "\n"


def _metavar(param: Any) -> str:
    """The word that stands for an argument, without the marks of an optional one, and with its bars escaped."""
    return _bars(str(param.metavar or param.human_readable_name).strip("{}[]"))


def _bars(text: str) -> str:
    return text.replace("|", "\\|")


def _shown(argument: Any) -> str:
    name = _metavar(argument) + ("..." if argument.nargs == -1 and "..." not in _metavar(argument) else "")
    return name if argument.required else f"[{name}]"


def _flags(option: Any) -> str:
    flags = [*option.opts, *option.secondary_opts]
    if option.is_flag or option.count:
        return ", ".join(f"`{flag}`" for flag in flags)
    value = option.metavar or _kind(option)
    return ", ".join(f"`{flag} {_bars(value)}`" for flag in flags) + (" (repeatable)" if option.multiple else "")


def _kind(option: Any) -> str:
    """What an option without a word of its own takes: typer of different versions keep it in different places."""
    kind: Any = getattr(getattr(option, "type_descriptor", None), "annotation", None)
    words = {str: "TEXT", int: "NUMBER", float: "NUMBER"}
    return words.get(kind) or str(getattr(option, "type", option).name).upper()


def _default(option: Any) -> str:
    value = option.default
    if value is True and option.secondary_opts:
        return f"`{option.opts[0]}`"
    if callable(value) or value in (None, False, (), [], ""):
        return ""
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def _plain(text: str) -> str:
    """Text of a help on one line of a Markdown table."""
    return re.sub(r"\s+", " ", text).strip().replace("|", "\\|").replace("*", "\\*").replace("<", "\\<")
