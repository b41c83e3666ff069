from fastapi import FastAPI

from shop.routes import carts, coupons, orders, products, reviews

app = FastAPI()
for module in (carts, coupons, orders, products, reviews):
    app.include_router(module.router)
