from fastapi import APIRouter

from services.orders import list_orders  # expect: startup/unresolved-import error

router = APIRouter()
router.get("/orders")(list_orders)
