# SPDX-License-Identifier: MIT
"""Repeats: from numbers in a list to blocks in blocks, and their passes to cycles."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from solver.input.protocol_ramp import Ramping
from solver.input.protocol_sections import Repeat
from solver.input.protocol_steps import Step


class Node(NamedTuple):
    """An item of a list with its number, or a block of them that runs several times.

    Attributes:
        first: Number of the first item in it, from 1.
        item: The item; None for a block.
        children: What is in the block.
        times: How often the block runs.
    """

    first: int
    item: Any
    children: tuple[Node, ...] = ()
    times: int = 1


class MisplacedRepeat(ValueError):
    """A repeat that cannot be where it is; `index` is its place in the list, from 0."""

    def __init__(self, index: int, sentence: str):
        super().__init__(sentence)
        self.index = index


def nested(items: Sequence) -> list[Node]:
    """Return a list with its repeats as blocks.

    Raises:
        MisplacedRepeat: It repeats other items than those just before it, or a part of a block.
    """
    nodes: list[Node] = []
    for number, item in enumerate(items, 1):
        if isinstance(item, Repeat):
            nodes.append(_block(nodes, number, item))
        else:
            nodes.append(Node(number, item))
    return nodes


def _block(nodes: list[Node], number: int, repeat: Repeat) -> Node:
    """Take the items of a repeat off the end of a list and return their block."""
    start = repeat.of[0]
    if repeat.of != tuple(range(start, number)):
        raise MisplacedRepeat(
            number - 1,
            f"must be the numbers of the items just before this one, as [..., {number - 1}]"
            if number > 1
            else "must be the numbers of items before this one, and there are none",
        )
    inside = [node for node in nodes if node.first >= start]
    if not inside or inside[0].first != start:
        raise MisplacedRepeat(
            number - 1,
            f"must not begin at {start}, inside the block of another repeat, which it would cut",
        )
    del nodes[-len(inside) :]
    return Node(start, None, tuple(inside), repeat.repeat)


def count(node: Node, length: Callable[[Any], int]) -> int:
    """How many steps a node is, by the number of steps of an item."""
    if node.item is not None:
        return length(node.item)
    return node.times * sum(count(child, length) for child in node.children)


def cycles(
    nodes: Sequence[Node], steps: Callable[[int, Any], Sequence[tuple[Step, ...]]]
) -> Iterator[Step]:
    """Yield the steps of all nodes in turn with the numbers of their cycles.

    Args:
        nodes: Items and blocks.
        steps: Function number, item -> its steps, in groups of a cycle each.
    """
    counter = _Counter()
    known: dict[int, Sequence[tuple[Step, ...]]] = {}

    def run(nodes: Sequence[Node]) -> Iterator[Step]:
        for node in nodes:
            if node.item is None:
                parts = (run(node.children) for _ in range(node.times))
            else:
                if node.first not in known:
                    known[node.first] = steps(node.first, node.item)
                parts = (map(counter.counted, group) for group in known[node.first])
            apart = node.item is None or isinstance(node.item, Ramping)
            for part in parts:
                counter.begin(apart)
                yield from part
            counter.begin(apart)  # for what follows

    yield from run(nodes)


class _Counter:
    """The number of the cycle."""

    def __init__(self):
        self.number, self.used = 1, False

    def begin(self, apart: bool) -> None:
        """Begin a new cycle for what stands apart, if something can have passed in this one."""
        if apart:
            self.number, self.used = self.number + self.used, False

    def counted(self, step: Step) -> Step:
        self.used = self.used or step.control != "rest"
        return step._replace(cycle=self.number)
