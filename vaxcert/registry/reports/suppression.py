"""Small numbers of one table hidden, and those that they would follow from by a difference or a sum."""

from __future__ import annotations

from vaxcert.registry.reports.coverage import HIDDEN, Cell, Coverage

SMALL = 10


def suppressed(counted: Coverage, *, small: int = SMALL) -> Coverage:
    """Coverage for publication: numbers from 1 to `small` - 1 are hidden, and more where they would follow from others.

    They follow from a sum; from people and complete, whose difference are those who began; from people and doses,
    whose difference are later doses; and complete and doses may be the same as people that are hidden.
    """
    cells = counted.cells
    people = _hide({cell.key: cell.people for cell in cells}, small, set())
    few = {cell.key for cell in cells if 0 < cell.people - cell.complete < small}
    complete = _hide({cell.key: cell.complete for cell in cells}, small, people | few)
    # Where each had one dose, as on a day, doses tell nothing beside people.
    few = {
        cell.key
        for cell in cells
        if cell.doses != cell.people and (cell.key in complete or cell.doses - cell.people < small)
    }
    doses = _hide({cell.key: cell.doses for cell in cells}, small, people | few)
    told = [_without(cell, cell.key in people, cell.key in complete, cell.key in doses) for cell in cells]
    total = counted.total
    nobody = 0 < total.people < small
    begun = nobody or 0 < total.complete < small or 0 < total.people - total.complete < small
    later = nobody or (total.doses != total.people and (begun or total.doses - total.people < small))
    return counted._replace(cells=told, total=_without(total, nobody, begun, later))


def _without(cell: Cell, people: bool, complete: bool, doses: bool) -> Cell:
    """The cell with some of its numbers hidden. A zero stays: it says that there is nobody."""
    return cell._replace(
        people=HIDDEN if people and cell.people else cell.people,
        complete=HIDDEN if complete and cell.complete else cell.complete,
        doses=HIDDEN if doses and cell.doses else cell.doses,
    )


def _hide(numbers: dict[tuple[str, ...], int], small: int, also: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
    hidden = {key for key, number in numbers.items() if 0 < number < small or (number and key in also)}
    # Sums of lines are published, or can be made from another table: one number alone in a line would follow from them.
    lines = [list(numbers)]
    for place in range(len(next(iter(numbers), ()))):
        if len(next(iter(numbers))) > 1:
            values = sorted({key[place] for key in numbers})
            lines += [[key for key in numbers if key[place] == value] for value in values]
    changed = True
    while changed:
        changed = False
        for line in lines:
            gone = [key for key in line if key in hidden]
            # What is hidden must not only be several, it must be enough that none is guessed from the sum.
            if gone and (len(gone) == 1 or sum(numbers[key] for key in gone) < small):
                rest = sorted((key for key in line if key not in hidden and numbers[key]), key=lambda key: numbers[key])
                if rest:
                    hidden.add(rest[0])
                    changed = True
    return hidden
