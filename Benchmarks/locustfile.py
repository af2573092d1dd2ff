"""One small request after another, for bench.py."""
from locust import FastHttpUser, constant, task


class Client(FastHttpUser):
    wait_time = constant(0)

    @task
    def get(self):
        self.client.get("/")
