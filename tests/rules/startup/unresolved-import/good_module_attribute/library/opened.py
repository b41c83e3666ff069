from some_library import *
