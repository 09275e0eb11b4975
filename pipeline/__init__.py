"""Pressroom: a folder of posts becomes feeds and digest mails."""
