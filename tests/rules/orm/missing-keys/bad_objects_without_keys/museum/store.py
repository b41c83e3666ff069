from museum.models import Keyword


def ensure(texts):
    return Keyword.objects.bulk_create(  # expect: orm/missing-keys
        [Keyword(text=text) for text in texts], ignore_conflicts=True
    )
