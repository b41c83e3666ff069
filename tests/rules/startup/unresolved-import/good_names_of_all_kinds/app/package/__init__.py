from app.package.stars import *
