"""The blocks of a lesson. Few and small: each stands in the migrations."""

from wagtail import blocks
