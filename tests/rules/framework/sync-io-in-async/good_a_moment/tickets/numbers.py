import time

last = 0


def number() -> int:
    global last
    now = time.time_ns() // 1_000_000
    while now <= last:
        time.sleep(0.0001)
        now = time.time_ns() // 1_000_000
    last = now
    return now
