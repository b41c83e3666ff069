from shop.repositories import UserRepository


class UserService:
    def __init__(self):
        self.users = UserRepository()

    def profile(self, user_id):
        user = self.users.find(user_id)
        user.touch()
        return {
            "username": user.username,
            "followers": len(user.followers),  # expect: orm/undefined-attribute error
            "fans": len(user.followed_by),
            **user.to_profile_dict(),  # expect: orm/undefined-attribute error
        }

    def rename(self, user_id, name, bio):
        user = self.users.find(user_id)
        user.usernme = name  # expect: orm/undefined-attribute error
        user.biography = bio  # expect: orm/undefined-attribute warning
        return user
