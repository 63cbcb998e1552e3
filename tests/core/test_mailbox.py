"""Mailboxes between threads: the newest wins, and nobody's turn is lost by it."""

from gen_studio.core.mailbox import Mailbox, Mailboxes


def test_what_is_put_replaces_what_waits_and_is_taken_once() -> None:
    box: Mailbox[int] = Mailbox()
    assert box.take() is None
    box.put(1)
    box.put(2)
    assert box.waiting == 2
    assert (box.take(), box.take(), box.waiting) == (2, None, None)


def test_the_newest_of_each_name_waits_and_keeps_the_turn_of_the_older() -> None:
    boxes: Mailboxes[str] = Mailboxes()
    boxes.put("slider", "first")
    boxes.put("map", "only")
    boxes.put("slider", "newest")
    assert [boxes.take() for _ in range(3)] == ["newest", "only", None]


def test_a_name_that_was_served_queues_behind_those_that_wait() -> None:
    boxes: Mailboxes[int] = Mailboxes()
    boxes.put("slider", 1)
    boxes.put("map", 2)
    boxes.take()
    boxes.put("slider", 3)
    assert [boxes.take(), boxes.take()] == [2, 3]


def test_what_is_cleared_is_not_served() -> None:
    boxes: Mailboxes[int] = Mailboxes()
    boxes.put("slider", 1)
    boxes.clear()
    assert boxes.take() is None
