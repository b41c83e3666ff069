class MemberService:
    def badge(self, number: int) -> str:
        return badge(number)


def badge(number: int) -> str:
    return f"M-{number:05}"
