"""Form renderer: every form and field comes out in the components of the site."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """`{{ form }}` and `{{ form.name.as_field_group }}` use our templates; widgets stay Django's."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
