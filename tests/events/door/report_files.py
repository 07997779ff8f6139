"""Invented files, as the three platforms write them."""

ZOOM_MEETING = """Topic,Meeting ID,Host,Duration (Minutes),Start Time,End Time,Participants
Closing in three days,812 3456 7890,Dana,95,{day} 05:55:02 PM,{day} 07:30:12 PM,4

Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,In Waiting Room
Ada Lindqvist,Ada@Nordwind.example,{day} 05:58:02 PM,{day} 06:03:02 PM,5,Yes,No
Ada Lindqvist,,{day} 06:05:00 PM,{day} 06:25:00 PM,20,Yes,No
Iphone (Ben Amari),,{day} 06:00:00 PM,{day} 06:40:00 PM,40,Yes,No
"Cleo ""CR"" Rossi",cleo@sol.example,{day} 06:00:00 PM,{day} 06:03:00 PM,3,Yes,No
Meeting room 2,,{day} 05:55:02 PM,{day} 07:30:12 PM,95,No,No
"""
ZOOM_WEBINAR = """Attendee Report
Topic,Webinar ID,Actual Start Time,Actual Duration (minutes)
Closing in three days,845,"{day} 17:55:02",95
Panelist Details
Attended,User Name (Original Name),Email,Join Time,Leave Time,Time in Session (minutes),Is Guest
Yes,Dana Okafor,dana@lumen.example,{day} 17:55:02,{day} 19:30:00,95,No

Attendee Details
Attended,User Name (Original Name),First Name,Last Name,Email,Join Time,Leave Time,Time in Session (minutes)
Yes,Ada L.,Ada,Lindqvist,ada@nordwind.example,{day} 18:00:00,{day} 19:00:00,60
No,Ben Amari,Ben,Amari,ben@sol.example,--,--,--
"""
TEAMS = """1. Summary
Meeting title\tClosing in three days
Attended participants\t2

2. Participants
Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole
Ada Lindqvist\t{short}, 5:58:02 PM\t{short}, 7:30:01 PM\t1h 31m 59s\tada@nordwind.example\tada@nordwind.example\tHost
Ben Amari\t{short}, 6:00:00 PM\t{short}, 6:00:45 PM\t45s\tben@sol.example\tben@sol.example\tAttendee

3. In-Meeting Activities
Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole
Ada Lindqvist\t{short}, 5:58:02 PM\t{short}, 7:30:01 PM\t1h 31m 59s\tada@nordwind.example\tAttendee
"""
GOTO = """Attendee Report:,Closing in three days

Attendee Details
Attended,Interest Rating,Last Name,First Name,Email Address,Registration Date/Time,Join Time,Leave Time,Time in Session
Yes,60,Lindqvist,Ada,ada@nordwind.example,"{month}, 10:00 AM","{month}, 6:00 PM","{month}, 7:12 PM",1 hour 12 minutes
No,0,Amari,Ben,ben@sol.example,"{month}, 10:00 AM",--,--,0 minutes
"""
