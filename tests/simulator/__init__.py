"""AWS's event sources, as far as their documentation promises anything: queues, mappings, streams, topics, retries.

Everything runs on a virtual clock and on one seeded source of chance, so that a run can be had again. A *source* says what may
happen now (`ready`) and when it next has something to do (`due`); whoever drives it chooses. Each rule cites the page of AWS's
documentation that it comes from. What AWS leaves open, chance decides.
"""
