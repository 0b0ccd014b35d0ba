"""The catalogues that rules are mapped to, as far as our rules use them: id and name."""

OWASP_LLM = {
    "LLM01": "Prompt Injection",
    "LLM02": "Sensitive Information Disclosure",
    "LLM03": "Supply Chain",
    "LLM04": "Data and Model Poisoning",
    "LLM06": "Excessive Agency",
    "LLM08": "Vector and Embedding Weaknesses",
    "LLM09": "Misinformation",
    "LLM10": "Unbounded Consumption",
}
"""OWASP Top 10 for LLM Applications 2025."""

MITRE_ATLAS = {
    "AML.T0010": "AI Supply Chain Compromise",
    "AML.T0012": "Valid Accounts",
    "AML.T0020": "Poison Training Data",
    "AML.T0024": "Exfiltration via AI Inference API",
    "AML.T0025": "Exfiltration via Cyber Means",
    "AML.T0029": "Denial of AI Service",
    "AML.T0034": "Cost Harvesting",
    "AML.T0035": "AI Artifact Collection",
    "AML.T0040": "AI Model Inference API Access",
    "AML.T0051": "LLM Prompt Injection",
    "AML.T0053": "AI Agent Tool Invocation",
    "AML.T0054": "LLM Jailbreak",
    "AML.T0055": "Unsecured Credentials",
    "AML.T0057": "LLM Data Leakage",
    "AML.T0070": "RAG Poisoning",
    "AML.T0085.000": "RAG Databases",
}
"""MITRE ATLAS 5.6.0 (mitre-atlas/atlas-data), read 2026-11-25."""

NIST_AI_600_1 = (
    "Confabulation",
    "Dangerous, Violent, or Hateful Content",
    "Data Privacy",
    "Human-AI Configuration",
    "Information Integrity",
    "Information Security",
    "Intellectual Property",
    "Value Chain and Component Integration",
)
"""Risks of NIST AI 600-1, the generative AI profile of July 2024; it gives them names and no ids."""

GENAI_LENS = {
    "GENOPS02-BP03": "Limit and throttle the rate of requests",
    "GENOPS04-BP01": "Manage the infrastructure as code",
    "GENREL01-BP01": "Scale and balance the throughput of models",
    "GENREL04-BP02": "Keep models and prompts in a catalogue of versions",
    "GENSEC01-BP01": "Grant least privilege to model endpoints",
    "GENSEC01-BP02": "Reach models over a private network",
    "GENSEC01-BP03": "Grant models least privilege on data stores",
    "GENSEC01-BP04": "Monitor access to models",
    "GENSEC02-BP01": "Use guardrails against harmful and incorrect answers",
    "GENSEC03-BP01": "Monitor the control plane and access to data",
    "GENSEC04-BP02": "Sanitize and validate what users enter",
    "GENSEC05-BP01": "Bound the permissions of agents",
    "GENSEC06-BP01": "Keep poisoned data out of training",
}
"""AWS Well-Architected Generative AI Lens: ids as AWS gives them, in our words; read 2026-11-25."""

NIST_800_53 = {
    "AC-2": "Account Management",
    "AC-3": "Access Enforcement",
    "AC-4": "Information Flow Enforcement",
    "AC-6": "Least Privilege",
    "AC-12": "Session Termination",
    "AU-9": "Protection of Audit Information",
    "AU-11": "Audit Record Retention",
    "CM-3": "Configuration Change Control",
    "CM-6": "Configuration Settings",
    "CP-9": "System Backup",
    "IA-2(1)": "Multi-Factor Authentication to Privileged Accounts",
    "IA-2(2)": "Multi-Factor Authentication to Non-Privileged Accounts",
    "RA-5": "Vulnerability Monitoring and Scanning",
    "SC-5": "Denial-of-Service Protection",
    "SC-7": "Boundary Protection",
    "SC-12": "Cryptographic Key Establishment and Management",
    "SC-13": "Cryptographic Protection",
    "SC-28(1)": "Protection of Information at Rest, Cryptographic Protection",
    "SC-39": "Process Isolation",
    "SI-10": "Information Input Validation",
    "SI-15": "Information Output Filtering",
    "SI-17": "Fail-Safe Procedures",
}
"""Controls of NIST SP 800-53 Rev. 5."""
