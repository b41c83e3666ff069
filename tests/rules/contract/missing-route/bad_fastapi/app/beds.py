from fastapi import APIRouter

router = APIRouter(prefix="/beds")


@router.get("/")
def list_beds():
    return []


@router.post("/", status_code=201)
def add_bed():
    return {}


@router.get("/{bed_id}")
def show_bed(bed_id: str):
    return {"id": bed_id}
