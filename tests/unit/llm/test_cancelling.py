"""A cancel that a library loses is repeated until the request has ended."""

from __future__ import annotations

import asyncio
import contextlib

from llm_notebook.llm import worker


def test_a_cancel_that_is_lost_is_repeated() -> None:
    lost = 0

    async def stubborn() -> None:
        nonlocal lost
        while lost < 2:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                lost += 1
        await asyncio.sleep(60)

    async def run() -> asyncio.Task[None]:
        task = asyncio.create_task(stubborn())
        await asyncio.sleep(0)
        await asyncio.wait_for(worker._end(task), 20)
        return task

    assert asyncio.run(run()).cancelled()
    assert lost == 2


def test_one_that_has_ended_is_left_alone() -> None:
    async def run() -> None:
        task = asyncio.create_task(asyncio.sleep(0))
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await asyncio.wait_for(worker._end(task), 5)  # type: ignore[arg-type]

    asyncio.run(run())
