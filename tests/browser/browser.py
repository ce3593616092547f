# SPDX-License-Identifier: MIT
"""Chromium without a screen, by the packages chromium-driver and python3-selenium."""
import json
import urllib.parse

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.by import By


class Browser:
    def __init__(self):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage",
                         "--disable-background-networking", "--force-device-scale-factor=1"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)

    def quit(self):
        self.driver.quit()

    def open(self, file, width=1280, height=800, scheme="light"):
        """Shows @file in a window of @width x @height; scheme is light or dark."""
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
        self.media("screen", scheme)
        self.url = "file://" + urllib.parse.quote(str(file))
        for log in ("browser", "performance"):
            self.driver.get_log(log)
        self.driver.get(self.url)

    def media(self, media, scheme="light"):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media,
            "features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def errors(self):
        """What the page wrote on the console or threw, and each request but that for itself."""
        errors = [entry["message"] for entry in self.driver.get_log("browser")]
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                url = message["params"]["request"]["url"]
                if urllib.parse.unquote(url) != urllib.parse.unquote(self.url):
                    errors.append(f"requests {url}")
        return errors

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def texts(self, selector):
        return self.run("return [...document.querySelectorAll(arguments[0])]"
                        ".map(element => element.textContent)", selector)

    def press(self, key):
        builder = ActionBuilder(self.driver)
        builder.key_action.send_keys(key)
        builder.perform()

    def point(self, element):
        """Moves the mouse to the middle of @element, or into the corner of the window for None."""
        builder = ActionBuilder(self.driver, duration=0)
        if element is None:
            builder.pointer_action.move_to_location(0, 0)
        else:
            self.run("arguments[0].scrollIntoView({block: 'nearest'})", element)
            builder.pointer_action.move_to(element)
        builder.perform()

    def click(self, element):
        self.point(element)
        builder = ActionBuilder(self.driver, duration=0)
        builder.pointer_action.click()
        builder.perform()
