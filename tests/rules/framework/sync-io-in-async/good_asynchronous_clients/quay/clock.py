class Clock:
    async def sleep(self, seconds):
        return seconds


def clock():
    return Clock()
