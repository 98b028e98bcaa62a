"""A request's chain in the worker: the next model takes over where one is down."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec

from llm_notebook.core.errors import ModelError, Problem
from llm_notebook.llm import faults
from llm_notebook.llm.job import Job
from llm_notebook.llm.keys import Keys
from llm_notebook.llm.names import chain_of
from llm_notebook.llm.recording import Recording
from llm_notebook.llm.resolver import check
from llm_notebook.llm.wire import (
    CompletionRequest,
    Done,
    Error,
    Notice,
    Switched,
    WorkerEvent,
)

_INSTANT = ("offline:", "scripted:", "replay:")
_RESERVE = 5.0
"""Seconds that are kept for a model that needs no network."""


async def answer(
    request: CompletionRequest, keys: Keys, send: Callable[[WorkerEvent], None]
) -> Done | Error:
    """Ask the models of a chain in turn, until one is not down; the terminal event.

    Nothing is asked before every name in the chain was understood, and nothing
    but the names in it is ever asked. A cancel passes through.

    Raises
    ------
    ModelError
        Where a name has not the form, or nobody provides it.
    """
    links = chain_of(request.model)
    for link in links:
        check(link)
    loop = asyncio.get_running_loop()
    until = loop.time() + request.deadline
    for index, link in enumerate(links):
        left = until - loop.time()
        own = msgspec.structs.replace(request, model=link, deadline=share(left, links[index:]))
        ended = await _asked(own, keys, send)
        following = links[index + 1 : index + 2]
        if not (isinstance(ended, Error) and ended.problem.code in faults.DOWN and following):
            break
        if loop.time() >= until:
            break
        send(Switched(request.id, following[0], keys.mask(ended.problem.message)))
    return ended


def share(left: float, links: tuple[str, ...]) -> float:
    """The seconds that the first of `links` has, of those that are left.

    Each has as much as those behind it; what one leaves over, the next have.
    Models without a network need next to nothing.
    """
    if len(links) == 1:
        return left
    instant = sum(link.startswith(_INSTANT) for link in links[1:])
    reserve = min(_RESERVE * bool(instant), left / 2)
    return (left - reserve) / (len(links) - instant)


async def _asked(
    request: CompletionRequest, keys: Keys, send: Callable[[WorkerEvent], None]
) -> Done | Error:
    """One model's terminal event, whatever goes wrong with it."""
    record = Recording(request, keys)

    def pass_on(event: WorkerEvent) -> None:
        record.saw(event)
        send(event)

    job = Job(request, keys, pass_on)
    try:
        async with asyncio.timeout(request.deadline):
            ended: Done | Error = await job.run()
    except TimeoutError:
        ended = _failed(request, faults.too_late(request.model, request.deadline), keys)
    except ModelError as error:
        ended = _failed(request, error.problem, keys)
    except Exception as error:
        problem = faults.explain(error, request.model, started=job.started)
        ended = _failed(request, problem, keys)
    trouble = record.ended(ended)
    if trouble:
        send(Notice(request.id, trouble))
    return ended


def _failed(request: CompletionRequest, problem: Problem, keys: Keys) -> Error:
    return Error(request.id, masked(problem, keys))


def masked(problem: Problem, keys: Keys) -> Problem:
    """A problem without any key in it."""
    return msgspec.structs.replace(
        problem, message=keys.mask(problem.message), next=keys.mask(problem.next)
    )
