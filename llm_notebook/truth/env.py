"""What is known of a namespace by what ran in it: a label for each name's value.

Two names of one label hold equal values: the same code made both, of equal
values. Code that draws by chance, or reads the clock, makes another value each
time it runs. Files and servers are taken to hold what they held.
"""

from __future__ import annotations

from dataclasses import replace

from llm_notebook.truth.bodies import NO_BODY, Body
from llm_notebook.truth.names import ABSENT, Names
from llm_notebook.truth.statements import CellFacts, Statement
from llm_notebook.truth.trace import Outcome, Trace


class Env(Names):
    """Names, and what runs of cells make of them."""

    __slots__ = ()

    def run(
        self, cell: CellFacts, number: int, outcome: Outcome = "ran", line: int | None = None
    ) -> Trace:
        """Follow one run of a cell.

        Parameters
        ----------
        number : int
            Names this run among all.
        line : int or None
            Where it failed; None where that is not known.
        """
        trace = Trace(doubt=cell.doubt)
        signs: list[object] = [cell.key]
        made: set[str] = set()
        whole, partly = cell.statements, cell.statements[:0]
        if outcome != "ran":
            at = _reached_at(cell.statements, line)
            whole = cell.statements[:at]
            partly = cell.statements[at:] if line is None else cell.statements[at : at + 1]
            signs.append(("failed", at) if outcome == "failed" else ("stopped", at, number))
        for statement in whole:
            signs.append(self._statement(statement, trace, made, number))
        for statement in partly:
            signs.append(self._statement(_partly(statement), trace, made, number))
        trace.sign = hash(tuple(signs))
        return trace

    def _statement(self, it: Statement, trace: Trace, made: set[str], number: int) -> int:
        body = self._called(it)
        if it.dynamic or body.is_dynamic:
            trace.doubt = trace.doubt or "runs code that only exists when it runs"
            return self._unread(it, trace, number)
        changed = set(it.changed) | body.changes | (it.loaded & self.once)
        joins = {(one, other) for one, other, how in it.joins if self._joins(one, other, how)}
        for callee, given in it.calls:
            if self._body_of(callee, it).changes_arguments:
                changed |= given
                joins |= {(one, other) for one in given for other in given - {one}}
        for name, callee, given in it.results:
            known = self._body_of(callee, it)
            if known is not NO_BODY:
                joins |= {(name, other) for other in given | known.needs if self._shares(other)}
        moves = body.varies
        for root in it.draws:
            if root and root not in self.modules and self.has(root):
                changed.add(root)
            else:
                moves = True
        hit = self._reached(changed, it.altered, joins)
        soft = (it.maybe | (hit - it.bound) | body.binds) - it.used - body.needs
        takes = it.used | body.needs | soft
        before = {name: self.label(name) for name in takes}
        for name in takes - made:
            if name not in trace.reads:
                trace.reads[name] = before[name]
                if self.has(name):
                    trace.known[name] = self.bodies.get(name, NO_BODY)
            if name in soft and name not in changed and not self.has(name):
                trace.soft.add(name)
        hard = sorted(takes - soft)
        sign = hash((it.key, *((name, before[name]) for name in hard)))
        if moves:
            trace.varies = True
            sign = hash((sign, "again", number))
        perhaps = (it.maybe | hit | body.binds) - it.bound - it.dropped
        news = self._inherited(it)
        self._bind(it, news, sign, number)
        self._alter(it, news, perhaps, sign, number)
        self._regroup(it, joins)
        if it.star:
            self.base = tuple(sorted({*map(str, self.base), it.star}))
        trace.writes |= it.bound | perhaps | it.dropped
        made |= it.bound | it.dropped
        return sign

    def _body_of(self, name: str, it: Statement) -> Body:
        own, known = it.bodies.get(name), self.bodies.get(name)
        if own is None:
            return known or NO_BODY
        return own | known if known else own

    def _called(self, it: Statement) -> Body:
        """What all may do that the statement reads and so may call, one by way of another."""
        found = NO_BODY
        left = [name for name in it.loaded if name in self.bodies or name in it.bodies]
        met = set(left)
        while left:
            body = self._body_of(left.pop(), it)
            found |= body
            fresh = {name for name in body.needs if name in self.bodies} - met
            met |= fresh
            left += fresh
        if found.changes_arguments and found.passes:
            found |= Body(changes=found.passes)
        own = it.bound & it.bodies.keys()
        return (
            found
            if not own
            else Body(
                found.needs - own,
                found.binds,
                found.changes,
                found.passes,
                found.changes_arguments,
                found.is_dynamic,
                found.varies,
            )
        )

    def _joins(self, one: str, other: str, how: str) -> bool:
        if other in self.modules or (how != "same" and other in self.frames):
            return False
        return how != "into" or one not in self.frames

    def _shares(self, name: str) -> bool:
        return name not in self.plain and name not in self.modules and self.has(name)

    def _reached(
        self, changed: set[str], altered: set[str], joins: set[tuple[str, str]]
    ) -> set[str]:
        """Names whose value a change in place of these changes too."""
        links: dict[str, set[str]] = {}
        for one, other in joins:
            links.setdefault(one, set()).add(other)
            links.setdefault(other, set()).add(one)
        left = [name for name in changed | altered if name not in self.plain]
        met = set(left)
        seen: set[int] = set()
        while left:
            name = left.pop()
            near = set(links.get(name, ()))
            group = self.groups.get(name)
            if group is not None and id(group) not in seen:
                seen.add(id(group))
                near |= group
            fresh = near - met - self.plain
            met |= fresh
            left += fresh
        # What is not there cannot be changed in place: that fails.
        return {name for name in changed | (met - altered) if self.has(name) or self.base}

    def _inherited(self, it: Statement) -> tuple[Body, set[str]]:
        """What all that it binds may do when it is called, and which of it is plain."""
        body = NO_BODY
        for name in it.loaded:
            body |= self._body_of(name, it)
        plains = {
            name
            for name, needed in it.plains.items()
            if all(one in self.plain or not self.has(one) for one in needed)
        }
        return body, plains

    def _bind(self, it: Statement, news: tuple[Body, set[str]], sign: int, number: int) -> None:
        inherited, plains = news
        for name in it.dropped:
            self.labels[name] = ABSENT
            self.makers[name] = number
        for name in it.bound:
            origin = it.imports.get(name)
            self.labels[name] = hash(("import", origin)) if origin else hash((sign, name))
            self.makers[name] = number
        for name in it.bound | it.dropped:
            _put(self.modules, name, name in it.imports)
            _put(self.once, name, name in it.once)
            _put(self.plain, name, name in plains)
            body = inherited | it.bodies.get(name, NO_BODY)
            if body != NO_BODY and name not in plains and name not in it.imports:
                self.bodies[name] = body
            else:
                self.bodies.pop(name, None)

    def _alter(
        self,
        it: Statement,
        news: tuple[Body, set[str]],
        names: set[str],
        sign: int,
        number: int,
    ) -> None:
        inherited, plains = news
        for name in names:
            # What it was may be what it is.
            self.labels[name] = hash((sign, name, self.label(name)))
            self.makers[name] = number
            if name not in plains:
                self.plain.discard(name)
            body = inherited | it.bodies.get(name, NO_BODY) | self.bodies.get(name, NO_BODY)
            if body != NO_BODY:
                self.bodies[name] = body

    def _regroup(self, it: Statement, joins: set[tuple[str, str]]) -> None:
        partners = [(one, set(self.group(other))) for one, other in joins]
        for name in it.bound | it.dropped:
            self._forget_group(name)
        for one, others in partners:
            if one not in self.plain:
                self._join(one, {other for other in others if other not in self.plain})

    def _unread(self, it: Statement, trace: Trace, number: int) -> int:
        """It may read and bind anything."""
        whole = hash((it.key, self.base, *sorted(self.labels.items())))
        trace.reads |= self.labels
        trace.known |= dict.fromkeys(self.labels, NO_BODY)
        for name in self.labels:
            self.labels[name] = hash((whole, name))
            self.makers[name] = number
        trace.writes |= self.labels.keys()
        self.base = ("unread", whole)
        self.plain.clear()
        return whole


def _partly(it: Statement) -> Statement:
    """A statement of which it is not known how far it came: each name may be as before."""
    bound = set() if it.binds_last else it.bound | it.dropped
    return replace(
        it,
        key=hash((it.key, "partly")),
        bound=set(),
        dropped=set(),
        maybe=it.maybe | bound,
        joins=set() if it.binds_last else it.joins,
        results=[] if it.binds_last else it.results,
        plains={},
    )


def _reached_at(statements: tuple[Statement, ...], line: int | None) -> int:
    """Index of the statement that a line belongs to; 0 where that is not known."""
    if line is None or not all(statement.last_line for statement in statements):
        return 0
    return next((at for at, it in enumerate(statements) if line <= it.last_line), 0)


def _put(names: set[str], name: str, is_in: bool) -> None:
    if is_in:
        names.add(name)
    else:
        names.discard(name)
