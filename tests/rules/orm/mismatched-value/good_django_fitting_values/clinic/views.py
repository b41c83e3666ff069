from django.db.models import F, OuterRef, Subquery
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.views import View

from clinic.models import Clinic, Doctor, Note, Nurse, Patient, Person, Stay, Surgeon, Visit


def key_of(person):
    return person.username if person.phone else person.pk


class VisitList(View):
    def get(self, request):
        """Objects, keys, lists and queries of either; names where names are due."""
        person = get_object_or_404(Person, username=request.user.username)
        people = Person.objects.filter(email=person.email)
        found = Visit.objects.filter(booked_by=person, booked_by__username=person.username)
        found |= Visit.objects.filter(booked_by=person.pk, booked_by_id=person.id)
        found |= Visit.objects.filter(booked_by__in=people)
        found |= Visit.objects.filter(booked_by__in=[one.pk for one in people])
        found |= Visit.objects.filter(booked_by__in=people.values_list("pk", flat=True))
        found |= Visit.objects.filter(booked_by=request.GET["person"])
        return JsonResponse({"visits": [visit.pk for visit in found[:20]]})

    def post(self, request):
        patient = get_object_or_404(Patient, pk=request.POST["patient"])
        doctor = get_object_or_404(Doctor, person=request.user)
        visit = Visit.objects.create(
            patient=patient, doctor=doctor, booked_by_id=doctor.pk, place=doctor.ward
        )
        Visit.objects.filter(pk=visit.pk).update(booked_by=doctor.person_id)
        return JsonResponse({"visit": visit.pk})


def visit(request, number):
    """Shared keys, keys in other columns, relations to other columns than the key."""
    found = get_object_or_404(Visit, pk=number)
    surgeon = Surgeon.objects.filter(pk=found.doctor_id).first()
    surgeons = Visit.objects.filter(doctor=surgeon, doctor_id=found.booked_by_id)
    placed = Visit.objects.filter(place=found.place_id, place_id=found.doctor.ward.code)
    booked = Person.objects.filter(pk=found.doctor.pk)
    notes = Note.objects.filter(kind="visit", object_id=found.pk)
    linked = [Visit.objects.filter(booked_by=note.object_id).first() for note in notes[:5]]
    older = Note.objects.filter(legacy_number=found.pk)
    return JsonResponse({
        "surgeons": surgeons.count(), "placed": placed.count(), "linked": len(linked),
        "booked": booked.count(), "older": older.count(),
    })


def patient(request, key):
    """What is not surely the one or the other."""
    found = get_object_or_404(Patient, pk=key)
    person = request.user
    mine = Visit.objects.filter(booked_by=key_of(person), patient=found)
    last = Visit.objects.filter(patient=OuterRef("pk")).values("booked_by__username")[:1]
    named = Patient.objects.annotate(last=Subquery(last)).filter(last=person.username)
    own = Visit.objects.filter(booked_by=F("doctor__person"))
    nurse, clinic = Nurse.objects.get(pk=person.pk), Clinic.objects.get(name="north")
    own |= Visit.objects.filter(booked_by_id=nurse.pk, booked_by=nurse)
    nursed = Patient.objects.filter(visits__booked_by__in=Nurse.objects.filter(is_active=True))
    stays = Stay.objects.filter(ward=clinic, ward_id=clinic.pk)
    stays |= Stay.objects.filter(ward_id__in=Clinic.objects.values("pk"))
    doctors = Visit.objects.filter(doctor__in=found.doctors.all())
    return JsonResponse({
        "mine": mine.count(), "named": named.count(), "own": own.count(),
        "doctors": doctors.count(), "stays": stays.count(), "nursed": nursed.count(),
    })
