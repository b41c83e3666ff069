{% for name in names %}
def {{ name }}():
    return 1
{% endfor %}
