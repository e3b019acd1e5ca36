"""What a knowledge base needs of each page, by Scrapy: links to follow, the
title and the main text. Start with -a start=URL and -O FILE."""
from urllib.parse import urlsplit

from scrapy.linkextractors import LinkExtractor
from scrapy.spiders import CrawlSpider, Rule


class Runbooks(CrawlSpider):
    name = "runbooks"

    def __init__(self, start, **rest):
        self.start_urls = [start]
        self.allowed_domains = [urlsplit(start).hostname]
        self.rules = [Rule(LinkExtractor(), callback="page", follow=True)]
        super().__init__(**rest)

    def parse_start_url(self, response, **rest):
        return self.page(response)

    def page(self, response):
        main = response.xpath("//main//text()").getall()
        yield {
            "url": response.url,
            "title": response.xpath("//title/text()").get(),
            "text": " ".join(" ".join(main).split()),
        }
