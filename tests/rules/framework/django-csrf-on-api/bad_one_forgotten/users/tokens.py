def user_of(request):
    return request.headers.get("Authorization", "").removeprefix("Token ")
