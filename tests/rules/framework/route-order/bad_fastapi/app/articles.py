from fastapi import APIRouter

router = APIRouter(prefix="/articles")


@router.get("")
def index():
    return []


@router.get("/{slug}")
def show(slug: str):
    return {"slug": slug}


@router.get("/feed")  # expect: framework/route-order error
def feed():
    return []
