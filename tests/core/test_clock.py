from app.core.clock import WallClock


def test_a_jump_is_told_once() -> None:
    wall, steady = 1000.0, 5.0
    clock = WallClock(lambda: wall, lambda: steady)
    wall, steady = 1030.0, 35.0
    assert clock.jump() == 0
    wall, steady = 1060.0 - 3600, 65.0
    assert clock.jump() == -3600
    assert clock.jump() == 0
    wall += 10
    assert clock.jump() == 10
