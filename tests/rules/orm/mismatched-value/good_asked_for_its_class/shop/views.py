from django.http import JsonResponse
from django.shortcuts import get_object_or_404

from shop import reports
from shop.models import Book, Chapter, Writer


def of_writer(request, pk):
    writer = get_object_or_404(Writer, pk=pk)
    return JsonResponse({"books": reports.titles(writer), "parts": reports.chapters(writer)})


def of_book(request, pk):
    book = get_object_or_404(Book, pk=pk)
    return JsonResponse({"books": reports.titles(book), "parts": reports.chapters(book)})


def of_chapter(request, pk):
    chapter = get_object_or_404(Chapter, pk=pk)
    return JsonResponse({"books": reports.titles(chapter)})
