"""Commands and options that people guess: what they are called here."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

from sim.errors import UsageError, meant, suggestion


class Commands(TyperGroup):
    """The commands of the program; a word that means one of them is answered with its name."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        word = args[0]
        if word in ("help", "version") and not ctx.resilient_parsing:
            raise UsageError(f"No such command '{word}'{suggestion([f'--{word}'])}")
        if word not in self.commands and not ctx.resilient_parsing and (found := meant(word, self.commands)):
            raise UsageError(f"No such command '{word}'{suggestion(found)}; 'northabout --help' lists them")
        return super().resolve_command(ctx, args)


def told_options(error: Any) -> None:
    """Put the options that an unknown one means before those that are spelt alike, if its command has any."""
    word, context = getattr(error, "option_name", None), getattr(error, "ctx", None)
    if not isinstance(word, str) or context is None or not hasattr(error, "possibilities"):
        return
    options = [name for p in context.command.params for name in p.opts if name.startswith("--")]
    if found := meant(word, options):
        error.possibilities = found
