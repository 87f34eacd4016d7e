"""Lessons with a quiz, and how far each colleague is; a colleague's results are their own."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

PERSON = settings.AUTH_USER_MODEL


class Lesson(models.Model):
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=160)
    about = models.CharField(max_length=300, blank=True)
    text = models.TextField(max_length=20_000)  # Markdown, shown clean
    minutes = models.PositiveSmallIntegerField(default=3)
    order = models.PositiveSmallIntegerField(default=0)
    published = models.BooleanField(default=False)

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.title


class Question(models.Model):
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="questions")
    text = models.CharField(max_length=300)
    answers = ArrayField(models.CharField(max_length=200))
    right = models.PositiveSmallIntegerField()  # index in answers
    because = models.CharField(max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]


class Result(models.Model):
    """The best result of a colleague for a lesson."""

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="results")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="lesson_results")
    right = models.PositiveSmallIntegerField()
    of = models.PositiveSmallIntegerField()
    passed_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lesson", "person"], name="result_once")]
