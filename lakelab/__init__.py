"""LakeLab: an autograded notebook course and the small local lakehouse it runs on."""
