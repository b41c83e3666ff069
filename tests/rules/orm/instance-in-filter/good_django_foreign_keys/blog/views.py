from django.http import JsonResponse

from blog.models import Article, Author


def articles(request, name):
    author = Author.objects.get(name=name)
    found = Article.objects.filter(author=author) | Article.objects.filter(author_id=author)
    return JsonResponse({"titles": [article.title for article in found]})
