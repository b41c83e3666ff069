from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.views import View

from clinic import selectors
from clinic.models import Patient, Person, Visit


class VisitList(View):
    def get(self, request):
        person = Person.objects.get(pk=request.GET["person"])
        found = selectors.booked_by(request.user) | selectors.visits_to(person.last_name)
        return JsonResponse({"visits": [visit.pk for visit in found[:20]]})

    def post(self, request):
        patient = get_object_or_404(Patient, pk=request.POST["patient"])
        visit = Visit.objects.create(
            patient=patient.name,  # expect: orm/mismatched-value
            booked_by_id=patient.pk,  # expect: orm/mismatched-value
            doctor=request.user.pk,  # expect: orm/mismatched-value
        )
        return JsonResponse({"visit": visit.pk})


def visit(request, number):
    found = get_object_or_404(Visit, pk=number)
    others = Visit.objects.exclude(pk=number)
    others = others.filter(patient=found.doctor)  # expect: orm/mismatched-value
    return JsonResponse({"others": others.count()})


def patient(request, key):
    found = get_object_or_404(Patient, pk=key)
    mine = Visit.objects.filter(booked_by="me")  # expect: orm/mismatched-value
    doctors = found.doctors.all()
    same = Visit.objects.filter(patient__in=doctors)  # expect: orm/mismatched-value
    return JsonResponse({"mine": mine.count(), "same": same.count()})
