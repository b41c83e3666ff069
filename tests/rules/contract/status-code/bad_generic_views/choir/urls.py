from django.urls import path

from choir import views

urlpatterns = [
    path("singers", views.SingerList.as_view()),
    path("singers/<int:pk>", views.SingerDetail.as_view()),
    path("voices", views.VoiceList.as_view()),
]
