from django.db.models import Q, QuerySet

from clinic.models import Patient, Person, Visit, Ward


def booked_by(person: Person) -> QuerySet[Visit]:
    return Visit.objects.filter(booked_by=person.username)  # expect: orm/mismatched-value


def visits_to(name) -> QuerySet[Visit]:
    return Visit.objects.filter(
        doctor=name  # expect: orm/mismatched-value
    )


def of_people(people: list[Person]) -> QuerySet[Visit]:
    names = Person.objects.filter(is_active=True).values_list("username", flat=True)
    return Visit.objects.filter(
        Q(booked_by__in=names)  # expect: orm/mismatched-value
        | Q(booked_by__in=[person.email for person in people])  # expect: orm/mismatched-value
    )


def named(person: Person) -> QuerySet[Visit]:
    return Visit.objects.filter(booked_by__username=person.pk)  # expect: orm/mismatched-value


def in_ward(ward: Ward) -> QuerySet[Patient]:
    return Patient.objects.filter(visits__booked_by=ward.id)  # expect: orm/mismatched-value
