"""Tickets open one session, once, for a while."""

import pytest

from sampan.contract.errors import Unauthenticated
from sampan.serve.sessions import IDLE_S, TICKET_S, Sessions


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sessions(clock):
    return Sessions(clock)


def test_a_ticket_opens_a_session_once(sessions):
    ticket = sessions.ticket()
    cookie, session = sessions.enter(ticket)
    assert sessions.find(cookie) is session
    with pytest.raises(Unauthenticated):
        sessions.enter(ticket)


@pytest.mark.parametrize("guess", ["", "x", "a" * 32, "票"])
def test_a_guess_opens_nothing(sessions, guess):
    sessions.ticket()
    with pytest.raises(Unauthenticated):
        sessions.enter(guess)
    assert sessions.find(guess) is None


def test_a_ticket_grows_old(sessions, clock):
    ticket = sessions.ticket()
    clock.now += TICKET_S + 1
    with pytest.raises(Unauthenticated):
        sessions.enter(ticket)


def test_a_session_ends_when_nobody_asks(sessions, clock):
    cookie, _ = sessions.enter(sessions.ticket())
    for _ in range(3):
        clock.now += IDLE_S - 1
        assert sessions.find(cookie)
    clock.now += IDLE_S + 1
    assert sessions.find(cookie) is None


def test_leaving_ends_it(sessions):
    cookie, _ = sessions.enter(sessions.ticket())
    sessions.leave(cookie)
    sessions.leave(cookie)
    assert sessions.find(cookie) is None


def test_neither_grows_without_bound(sessions):
    first = sessions.ticket()
    for _ in range(100):
        sessions.ticket()
    with pytest.raises(Unauthenticated):
        sessions.enter(first)
    cookies = [sessions.enter(sessions.ticket())[0] for _ in range(100)]
    assert sessions.find(cookies[0]) is None
    assert sessions.find(cookies[-1])


def test_secrets_are_not_kept(sessions):
    ticket = sessions.ticket()
    cookie, _ = sessions.enter(sessions.ticket())
    assert ticket not in repr(vars(sessions))
    assert cookie not in repr(vars(sessions))


def test_asking_whether_a_session_is_open_does_not_keep_it_alive(clock, sessions):
    cookie, _ = sessions.enter(sessions.ticket())
    clock.now += IDLE_S - 1
    assert sessions.is_open(cookie)
    clock.now += 2
    assert not sessions.is_open(cookie)
    assert not sessions.is_open("another")
